"""Proofs that a problem marks as its author means it, each by handing in answers as a student would.

A proof is a generator that yields once per thing it tries: what is wrong there, or None.
"""
