"""What runs in Gradescope's container: for each submission, and once, as a test of itself, when the image is built."""
