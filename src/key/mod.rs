//! What a key is: its spec, usage, origin, manager and state, and which go together (rules M, S).

mod algorithm;
mod details;
mod exception;
mod impossible;
mod key_state_table;
mod kms_operations;
mod metadata;
pub mod model;
mod named;
mod spec;
mod state;
mod time;
mod uses;

pub use details::{KeyDetails, KeyMaterialId, Rotation};
pub use exception::Exception;
pub use impossible::ImpossibleKey;
pub(crate) use key_state_table::Footnote;
pub use kms_operations::KmsOperation;
pub(crate) use metadata::KeyTraits;
pub use metadata::{KeyMetadata, KeyMetadataBuilder, MultiRegionRole};
pub use named::UnknownName;
pub use spec::{KeySpec, KeyType, KeyUsage};
pub use state::{
    KeyManager, KeyState, KeyStatus, NotAWaitingPeriod, Origin, ReturnsTo, WaitingPeriod,
};
pub use time::Timestamp;
