"""What flat documents are drawn with: type, line work, portraits and the SPECIMEN mark."""
