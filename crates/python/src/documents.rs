//! Files as Python hands them in: `str`, `bytes`, or what boto3 answers.

use kms_alias_files::File;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// The files of a list, each with the name by which errors call it.
pub(crate) struct Documents {
    documents: Vec<(String, Vec<u8>)>,
}

impl Documents {
    /// The documents of a list, or a single one.
    pub(crate) fn of(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if is_one(value) {
            return Self::one(name, value);
        }
        let documents = value
            .try_iter()?
            .enumerate()
            .map(|(index, document)| Ok((format!("{name}[{index}]"), bytes(&document?)?)));
        Ok(Self {
            documents: documents.collect::<PyResult<_>>()?,
        })
    }

    /// A single document.
    pub(crate) fn one(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self {
            documents: vec![(name.to_owned(), bytes(value)?)],
        })
    }

    /// The documents of a mapping, by their names; none if there is no mapping.
    pub(crate) fn named(value: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let mut documents = Vec::new();
        if let Some(value) = value {
            for item in value.call_method0("items")?.try_iter()? {
                let (name, document): (String, Bound<'_, PyAny>) = item?.extract()?;
                documents.push((name, bytes(&document)?));
            }
        }
        Ok(Self { documents })
    }

    /// The first file; an empty one if there is none.
    pub(crate) fn file(&self) -> File<'_> {
        let document = self.documents.first();
        document.map_or(
            File {
                name: "",
                bytes: b"",
            },
            |(name, bytes)| File { name, bytes },
        )
    }

    pub(crate) fn files(&self) -> Vec<File<'_>> {
        let files = self.documents.iter();
        files.map(|(name, bytes)| File { name, bytes }).collect()
    }
}

fn is_one(value: &Bound<'_, PyAny>) -> bool {
    let is_text = value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>();
    is_text || value.hasattr("keys").unwrap_or(false)
}

/// The bytes of a document; what is neither text nor bytes is written as JSON.
pub(crate) fn bytes(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text.to_str()?.as_bytes().to_vec());
    }
    let module = value.py().import("kms_alias._json")?;
    let json = module.getattr("document")?.call1((value,))?;
    Ok(json.cast::<PyString>()?.to_str()?.as_bytes().to_vec())
}
