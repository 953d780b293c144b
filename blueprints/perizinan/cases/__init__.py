"""An application and its life: its tables, its states, who has it on the desk, and its story."""
