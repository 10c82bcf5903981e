//! The exceptions of KMS that refuse an operation on aliases and keys.

use super::named::named;

named! {
    "exception"
    /// An exception of KMS: the kind of a refusal, by which a program chooses what to do.
    ///
    /// ```
    /// use kms_alias::Exception;
    ///
    /// assert_eq!("NotFoundException".parse(), Ok(Exception::NotFound));
    /// assert_eq!(Exception::KmsInvalidState.as_str(), "KMSInvalidStateException");
    /// ```
    Exception {
        /// No caller may do this with AWS's own key.
        AccessDenied "AccessDeniedException",
        /// The name is taken.
        AlreadyExists "AlreadyExistsException",
        /// The key is disabled.
        Disabled "DisabledException",
        /// Decrypt: a key of another Region.
        IncorrectKey "IncorrectKeyException",
        /// The name is reserved.
        InvalidAliasName "InvalidAliasNameException",
        /// An ARN that names no key of this account and Region.
        InvalidArn "InvalidArnException",
        /// The key has another usage than the operation needs.
        InvalidKeyUsage "InvalidKeyUsageException",
        /// A marker that no list returned.
        InvalidMarker "InvalidMarkerException",
        /// The key's state does not allow it.
        KmsInvalidState "KMSInvalidStateException",
        /// A quota is reached.
        LimitExceeded "LimitExceededException",
        /// No such alias or key.
        NotFound "NotFoundException",
        /// A member has the wrong type.
        Serialization "SerializationException",
        /// No such operation.
        UnknownOperation "UnknownOperationException",
        /// The key's origin does not allow it.
        UnsupportedOperation "UnsupportedOperationException",
        /// The request breaks the service model, or goes from one kind of key to another.
        Validation "ValidationException",
    }
}
