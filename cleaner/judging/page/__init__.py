"""What is known of pages as wholes: the element with their text, lists that go whole, kinds of pages."""
