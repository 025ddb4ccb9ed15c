"""Paper: what printed sheets are drawn with: type (text that fits), table, page (title, codes, signatures)."""
