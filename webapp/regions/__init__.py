"""The city itself: its regions and its units (agencies and clinics)."""
