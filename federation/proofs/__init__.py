"""Integrity proofs in documents: who said something, whoever passes it on (FEP-8b32, eddsa-jcs-2022)."""

from federation.proofs.proof import ParsedProof, parse_proof, with_proof

__all__ = ["ParsedProof", "parse_proof", "with_proof"]
