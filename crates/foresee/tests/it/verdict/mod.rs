//! Verdicts on what is half known, held against every completion and every order.

mod completions;
mod exhaustive;
mod many;
mod names;
mod oracle;
mod random;
mod small;
mod unknown;
mod work;
