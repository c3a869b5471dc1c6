"""One verification, from upload to verdict: the pipeline and its use cases."""
