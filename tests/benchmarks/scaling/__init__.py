"""What each step of the way past one machine costs a thousand papers, and what a second worker brings."""
