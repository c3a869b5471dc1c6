"""The Chinese resident identity card, second generation (GA 448-2013): front and back."""
