//! The traits of other crates, each in one file behind its feature: the domain stays plain.

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "proptest")]
pub(crate) mod proptest;
#[cfg(doctest)]
mod readme;
#[cfg(feature = "serde")]
mod serde;

/// The bytes of rule A3.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
const NAME_BYTES: &[u8; 65] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-";

/// A Region of each partition, and more of the first.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
const REGIONS: &[&str] = &[
    "us-east-1",
    "eu-west-3",
    "ap-southeast-2",
    "cn-north-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "us-isof-south-1",
    "us-gov-west-1",
];
