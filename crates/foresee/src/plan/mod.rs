//! The way from a table to wanted aliases: which operations, in which order, and what each does.
//!
//! No rule is decided here: the machine is asked, and every step of a plan was accepted by a copy
//! of the table. What is decided here is the order, which the quota of aliases per key (rule T6)
//! makes matter.
//!
//! # Why a plan is the shortest
//! An alias that has to be created, deleted or moved takes one operation; one that moves to
//! another key type or usage takes two, a delete and a create (rules U3, U4). Nothing less ends
//! there. What the quota adds is seen if keys are taken for points and moves for arrows.
//!
//! A **knot** is a set of keys to which aliases come only from one another, and all of which are
//! full at the end. By those operations alone it cannot be done: before the last of its arrivals
//! all others are done, so that no key is above the quota, and with it all are full; but the alias
//! that comes leaves one of them, which would have been above. So each knot takes an operation
//! more, by which one of its aliases comes from elsewhere: out of nothing, after a delete, or from
//! a third key.
//!
//! That one is enough. Every key with arrivals can then be reached along the arrows from one that
//! has room at the end, has no arrivals, or has one out of nothing. Let each key that is full at
//! the end keep the arrow by which it was reached for its last arrival, and let aliases come, in
//! any order, where there is room. If that ends too early, each key that still has arrivals is
//! full, and to be full at the end it has as many to send away as to take in; all of these go
//! between such keys, so each of them still has the arrow that it kept, from another such key. From
//! arrow to arrow that leads back to where they were reached from, which is no such key.
//!
//! Gaps are the fewest by the same arrows: a third key can serve a knot if it has room at the end,
//! or has arrivals and is reached without that knot. Searches of small worlds confirm both
//! (`tests/plan_search.rs`).

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
mod undecided;
mod wanted;
mod wants;

pub use impossible::{Impossible, Unreachable};
pub use make::Plan;
pub use step::{Gap, Step, StepEffect};
pub use undecided::Undecided;
pub use wanted::{PlanOptions, ThirdKey, Unmentioned, Wanted};
