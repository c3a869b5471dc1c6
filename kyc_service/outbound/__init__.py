"""Calls to the bank's own gateways: signed, bounded in time and size, and never more trusted than they have to be."""
