"""Check Danish policy documents against a strategy, paragraph by paragraph."""
