//! What is written in one way only: `Fn::Base64` of a text, and the ending of the names of hosts in a partition.

use alloc::string::String;

use kms_alias::Partition;

/// What `AWS::URLSuffix` is, where the documents of CloudFormation tell it.
pub(super) fn url_suffix(partition: Partition) -> Option<&'static str> {
    match partition.as_str() {
        "aws" | "aws-us-gov" => Some("amazonaws.com"),
        "aws-cn" => Some("amazonaws.com.cn"),
        _ => None,
    }
}

/// Bytes in base64, with padding (RFC 4648).
pub(super) fn base64(bytes: &[u8]) -> String {
    let letter = |value: u32| -> char {
        let value = u8::try_from(value & 63).unwrap_or_default();
        let of = |first: u8, from: u8| char::from(first.saturating_add(value.saturating_sub(from)));
        match value {
            0..=25 => of(b'A', 0),
            26..=51 => of(b'a', 26),
            52..=61 => of(b'0', 52),
            62 => '+',
            _ => '/',
        }
    };
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or_default());
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            text.push(if index > three.len() {
                '='
            } else {
                letter(bits >> shift)
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_rfc_4648_has_it() {
        let samples = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, expected) in samples {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }
}
