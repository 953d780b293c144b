"""The counter: an officer enters an application for somebody who is there, agrees, and gets a receipt on paper."""
