//! Models, oracles and small worlds by which the crates of kms-alias are tested.

#[cfg(feature = "foresee")]
pub mod half_known;
pub mod invariants;
pub mod model;
pub mod near_miss;
pub mod oracle;
#[cfg(feature = "foresee")]
pub mod plan_judge;
#[cfg(feature = "foresee")]
pub mod policy;
mod size;
#[cfg(feature = "foresee")]
pub mod small;
#[cfg(feature = "foresee")]
pub mod told;
#[cfg(feature = "foresee")]
pub mod trail_writer;
pub mod watchdog;

pub use size::size;
