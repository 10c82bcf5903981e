//! The tests of the linter, in one binary.

mod files;
mod kubernetes;
mod near_misses;
mod policies;
mod robust;
mod templates;
mod terraform;
