//! The traits by which every identifier is read from text, printed and compared with text: macros, so
//! that each is written once.

/// Parsing and comparing, for a type that has `parse_text(&str)` and `Display`.
macro_rules! parse_doors {
    ($type:ident) => {
        impl ::core::str::FromStr for $type {
            type Err = $crate::identifier::ParseError;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse_text(text)
            }
        }

        impl TryFrom<&str> for $type {
            type Error = $crate::identifier::ParseError;

            #[inline]
            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::parse_text(text)
            }
        }

        impl TryFrom<::alloc::string::String> for $type {
            type Error = $crate::identifier::ParseError;

            fn try_from(text: ::alloc::string::String) -> Result<Self, Self::Error> {
                Self::parse_text(&text)
            }
        }

        impl From<$type> for ::alloc::string::String {
            fn from(value: $type) -> Self {
                ::alloc::string::ToString::to_string(&value)
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                write!(f, concat!(stringify!($type), "(\"{}\")"), self)
            }
        }

        impl PartialEq<&str> for $type {
            fn eq(&self, other: &&str) -> bool {
                *self == **other
            }
        }

        impl PartialEq<$type> for &str {
            fn eq(&self, other: &$type) -> bool {
                *other == **self
            }
        }

        impl PartialEq<$type> for str {
            fn eq(&self, other: &$type) -> bool {
                *other == *self
            }
        }

        impl PartialEq<::alloc::string::String> for $type {
            fn eq(&self, other: &::alloc::string::String) -> bool {
                *self == **other
            }
        }
    };
}

/// The same and the doors of a string, for a type that also has `as_str()`.
macro_rules! text_doors {
    ($type:ident) => {
        $crate::identifier::doors::parse_doors!($type);

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::borrow::Borrow<str> for $type {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        // As that of `str`, which `Borrow<str>` asks for.
        impl ::core::hash::Hash for $type {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl PartialEq<str> for $type {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }
    };
}

/// Comparing with text, for a type that holds none: equal is what parses to the same value.
macro_rules! compare_by_parsing {
    ($type:ident) => {
        impl PartialEq<str> for $type {
            fn eq(&self, other: &str) -> bool {
                Self::parse_text(other).is_ok_and(|other| other == *self)
            }
        }
    };
}

/// Reading text at run time and when the program is compiled, for a type whose `const fn` `from_bytes`
/// says whether a text is one.
macro_rules! static_doors {
    ($type:ident, $what:literal, $rules:literal) => {
        impl $type {
            #[inline]
            pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
                match Self::from_bytes(text.as_bytes()) {
                    Some(value) => Ok(value),
                    None => Err(diagnose($what, text, &[Form::$type])),
                }
            }

            #[doc = concat!("The ", $what, " in a text that is known when the program is written.")]
            ///
            /// # Panics
            #[doc = concat!("If the text is no ", $what, "; in a `const` that is an error of compilation.")]
            #[must_use]
            pub const fn from_static(text: &'static str) -> Self {
                match Self::from_bytes(text.as_bytes()) {
                    Some(value) => value,
                    None => panic!(concat!("not a valid ", $what, ": ", $rules)),
                }
            }
        }
    };
}

pub(super) use {compare_by_parsing, parse_doors, static_doors, text_doors};
