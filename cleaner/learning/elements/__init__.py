"""Elements of pages that hold furniture though their lines differ: lists of links, told by the path to them."""
