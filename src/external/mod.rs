//! The traits of other crates, each in one file behind its feature.

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "proptest")]
pub(crate) mod proptest;
#[cfg(doctest)]
mod readme;
#[cfg(feature = "serde")]
mod serde;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
mod values;
