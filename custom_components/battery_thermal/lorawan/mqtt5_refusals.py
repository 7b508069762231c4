"""Errors for what an MQTT 5 broker refuses."""

from .mqtt5_packets import Reason
from .network_server import (
    ForeignApplicationError,
    InvalidKeyError,
    NetworkServerError,
    NoRightsError,
    RateLimitedError,
    UnreachableError,
    UnsupportedVersionError,
)


class BrokerCredentialsError(InvalidKeyError):
    """The broker does not accept the user name and password, or the certificate."""

    key = "broker_credentials"


class TopicRefusedError(ForeignApplicationError):
    """The broker's access list does not allow reading the application's events."""

    key = "topic_refused"


class BrokerAccessError(NoRightsError):
    """The broker's access list does not allow writing the application's commands."""

    key = "broker_access"


def refusal(reason: int) -> NetworkServerError:
    """Return the error for a reason code of CONNACK or DISCONNECT."""
    match reason:
        # Codes of MQTT 3.1.1: 1 is an unknown version; 4 and 5 are a refused account.
        case 1 | Reason.UNSUPPORTED_VERSION:
            return UnsupportedVersionError(f"MQTT refused with reason {reason:#x}")
        case 4 | 5 | Reason.BAD_CREDENTIALS | Reason.NOT_AUTHORIZED | Reason.BANNED:
            return BrokerCredentialsError(f"MQTT refused with reason {reason:#x}")
        case (
            Reason.UNAVAILABLE
            | Reason.BUSY
            | Reason.QUOTA_EXCEEDED
            | Reason.CONNECTION_RATE_EXCEEDED
        ):
            return RateLimitedError()
    return UnreachableError(f"MQTT ended with reason {reason:#x}")
