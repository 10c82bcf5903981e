//! Verdicts on what is half known, held against every completion and every order.

mod any_key;
mod exhaustive;
mod many;
mod names;
mod partial_list;
mod random;
mod told;
mod unknown;
mod work;
