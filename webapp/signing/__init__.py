"""The signer port: PDF documents with an electronic signature (PAdES) that anyone can check."""
