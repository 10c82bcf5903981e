//! The way from a table to wanted aliases: which operations, in which order, and what each does.
//!
//! No rule is decided here: the machine is asked, and every step of a plan was accepted by a copy
//! of the table. What is decided here is the order, which the quota of aliases per key (rule T6)
//! makes matter.
//!
//! # Why a plan is the shortest
//! An alias that has to be created, deleted or moved takes one operation; one that moves to
//! another key type or usage takes two, a delete and a create (rules U3, U4). No order of fewer
//! operations ends there. Beyond that, keys that are full and swap their aliases need one
//! operation more: think of keys as points and of moves as arrows. Take points that have arrivals
//! from each other only and will be full, all of them, at the end. The last arrival among them
//! comes to a key that has a place free, while every other is full and has nothing left to send
//! away, so that place is one too many: one alias has to have been elsewhere in between. Every
//! such knot costs one operation, and one is enough: a place that is free wanders against the
//! arrows, and if each key keeps for its last arrival the arrow by which it is reached from a key
//! with room, nothing is left over in the end. If anything were, its keys would all be full and
//! send away as many as they take in, so none of them has room; but from each of them those kept
//! arrows, none of which was used, lead back to one that has.
//!
//! The extra operation is a delete and a create in the place of a move, which leaves a gap, or, if
//! the caller allows it, a move by way of a third key. Searches of small worlds prove length and
//! gaps (`tests/plan_search.rs`).

mod act;
mod compare;
mod groups;
mod impossible;
mod knots;
mod make;
mod moves;
mod order;
mod step;
mod third;
mod wanted;

pub use impossible::{Impossible, Unreachable};
pub use make::Plan;
pub use step::{Gap, Step, StepEffect};
pub use wanted::{PlanOptions, ThirdKey, Unmentioned, Wanted};
