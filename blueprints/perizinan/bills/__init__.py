"""Bills: only for what the law lets the city charge, paid only by the gateway's signed word."""
