"""What tests share: parts that stand in for the network and for the time."""
