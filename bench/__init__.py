"""What is measured, and against what: each module runs on its own and prints one JSON object per line."""
