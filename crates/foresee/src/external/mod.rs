//! The traits of other crates, each in one file behind its feature: the domain stays plain.

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "proptest")]
mod proptest;
mod serde;
