"""The trained model, its vocabulary, and the card that says where they come from."""
