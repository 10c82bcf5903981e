//! The service's protocol: what a request as bytes gets.
#![cfg(feature = "json")]

#[path = "wire/answers.rs"]
mod answers;
#[path = "wire/bodies.rs"]
mod bodies;
#[path = "wire/constraints.rs"]
mod constraints;
#[path = "wire/create_key.rs"]
mod create_key;
#[path = "wire/judged.rs"]
mod judged;
#[path = "wire/laws.rs"]
mod laws;
#[path = "wire/members.rs"]
mod members;
mod model;
#[path = "wire/world.rs"]
mod world;
