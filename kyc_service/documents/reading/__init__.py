"""Reading what stands on a document that was found: lines, rows, types, and how sure a value is."""
