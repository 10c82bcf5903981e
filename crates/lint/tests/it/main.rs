//! The tests of the linter, in one binary.

mod policies;
