"""Model files and the engines that run them: the only importer of inference libraries."""

from kyc_service.inference import offline

offline.forbid_telemetry()
