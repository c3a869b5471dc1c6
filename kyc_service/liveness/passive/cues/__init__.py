"""What a reproduction of a face shows and a face does not, as numbers; each is higher the more like a reproduction."""
