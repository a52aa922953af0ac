"""The student's side: from sealed keys, without a course, a notebook learns what its teacher allows it to be told."""
