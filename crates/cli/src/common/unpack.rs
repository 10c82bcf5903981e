//! Files that are packed with gzip, as CloudTrail delivers them.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

/// What a file of the gzip format begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The most that a file may unpack to: CloudTrail's files unpack to some 50 MiB at most, and a few
/// bytes of gzip can stand for a thousand times as many.
const LIMIT: u64 = 256 << 20;

/// The content of a file, unpacked if it is packed.
pub fn unpacked(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if bytes.starts_with(&MAGIC) {
        unpacked_within(&bytes, LIMIT)
    } else {
        Ok(bytes)
    }
}

/// What the content of a file begins with, unpacked if it is packed: so many bytes, or all.
pub fn beginning(mut file: impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut magic = Vec::new();
    file.by_ref()
        .take(MAGIC.len() as u64)
        .read_to_end(&mut magic)?;
    let mut bytes = Vec::new();
    let is_packed = magic == MAGIC;
    let whole = io::Cursor::new(magic).chain(file);
    if is_packed {
        let mut decoder = MultiGzDecoder::new(io::BufReader::new(whole)).take(length);
        decoder.read_to_end(&mut bytes)?;
    } else {
        whole.take(length).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn unpacked_within(bytes: &[u8], limit: u64) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(limit + 1);
    decoder.read_to_end(&mut unpacked).map_err(|error| {
        let words = format!("the file begins like gzip and cannot be unpacked: {error}");
        io::Error::new(error.kind(), words)
    })?;
    if unpacked.len() as u64 > limit {
        let words = format!(
            "the file is packed with gzip and unpacks to more than {} MiB: unpack it yourself if it \
             is to be read (gunzip --keep FILE)",
            limit >> 20
        );
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, words));
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    #[test]
    fn what_unpacks_to_the_limit_is_read_and_one_byte_more_is_not() {
        let limit = 1 << 20;
        let mut bytes = packed(&vec![b' '; 1 << 20]);
        assert!(unpacked_within(&bytes, limit).is_ok_and(|all| all.len() == 1 << 20));
        // A second member is a part of the file.
        bytes.extend(packed(b" "));
        let error = unpacked_within(&bytes, limit).expect_err("one byte more");
        assert!(error.to_string().contains("more than 1 MiB"), "{error}");
    }

    #[test]
    fn the_beginning_is_that_of_the_content() {
        let content = b"twelve bytes".as_slice();
        for file in [content.to_vec(), packed(content)] {
            for (length, wanted) in [(0, 0), (1, 1), (6, 6), (12, 12), (1 << 20, 12)] {
                let found = beginning(file.as_slice(), length).expect("read");
                assert_eq!(found, content[..wanted]);
            }
        }
        assert_eq!(beginning(b"".as_slice(), 9).expect("read"), b"");
    }

    #[test]
    fn what_is_not_packed_is_taken_as_it_is() {
        assert_eq!(unpacked(b"{}".to_vec()).expect("read"), b"{}");
        assert_eq!(unpacked(packed(b"{}")).expect("read"), b"{}");
        assert!(unpacked(MAGIC.to_vec()).is_err());
    }
}
