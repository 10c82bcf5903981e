//! The service's protocol: what a request as bytes gets.

#[path = "wire/answers.rs"]
mod answers;
#[path = "wire/bodies.rs"]
mod bodies;
#[path = "wire/churn.rs"]
mod churn;
#[path = "wire/constraints.rs"]
mod constraints;
#[path = "wire/create_key.rs"]
mod create_key;
#[path = "wire/due.rs"]
mod due;
#[path = "wire/import.rs"]
mod import;
#[path = "wire/judged.rs"]
mod judged;
#[path = "wire/kept.rs"]
mod kept;
#[path = "wire/laws.rs"]
mod laws;
#[path = "wire/members.rs"]
mod members;
use kms_alias_testing::model;
#[path = "wire/world.rs"]
mod world;
