//! What a key is: its spec, usage, origin, manager and state, and which go together (rules M, S).

mod algorithm;
mod compatibility;
mod described;
mod details;
mod exception;
mod impossible;
mod metadata;
pub mod model;
mod named;
mod spec;
mod state;
mod time;
mod uses;

pub(crate) use compatibility::Footnote;
pub use described::KmsOperation;
pub use details::{KeyDetails, KeyMaterialId, Rotation};
pub use exception::Exception;
pub use impossible::ImpossibleKey;
pub(crate) use metadata::KeyTraits;
pub use metadata::{KeyMetadata, KeyMetadataBuilder, MultiRegionRole};
pub use named::UnknownName;
pub use spec::{KeySpec, KeyType, KeyUsage};
pub use state::{
    KeyManager, KeyState, KeyStatus, NotAWaitingPeriod, Origin, ReturnsTo, WaitingPeriod,
};
pub use time::Timestamp;
