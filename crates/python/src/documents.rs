//! Files as Python hands them in: `str`, `bytes`, or what boto3 answers.

use kms_alias_files::{AccountError, Fault, File};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator, PyList, PyString};
use serde_json::value::RawValue;

use crate::errors;

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
        let documents = each(name, value)?.enumerate().map(|(index, document)| {
            let name = format!("{name}[{index}]");
            let bytes = bytes(&name, &document?)?;
            Ok((name, bytes))
        });
        Ok(Self {
            documents: documents.collect::<PyResult<_>>()?,
        })
    }

    /// A single document.
    pub(crate) fn one(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self {
            documents: vec![(name.to_owned(), bytes(name, value)?)],
        })
    }

    /// A single document, or a list that is the content of one.
    pub(crate) fn list(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if is_one(value) {
            return Self::one(name, value);
        }
        let items = each(name, value)?.collect::<PyResult<Vec<_>>>()?;
        let items = PyList::new(value.py(), items)?;
        Ok(Self {
            documents: vec![(name.to_owned(), written(name, &items)?)],
        })
    }

    /// The documents of a log: a single one that is a JSON array holds a document in each element.
    pub(crate) fn log(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let documents = Self::of(name, value)?;
        let [(_, bytes)] = documents.documents.as_slice() else {
            return Ok(documents);
        };
        let is_array = is_one(value) && bytes.trim_ascii_start().starts_with(b"[");
        let elements = is_array.then(|| serde_json::from_slice::<Vec<&RawValue>>(bytes));
        let Some(Ok(elements)) = elements else {
            return Ok(documents);
        };
        let elements = elements.iter().enumerate().map(|(index, element)| {
            let name = format!("{name}[{index}]");
            (name, element.get().as_bytes().to_vec())
        });
        Ok(Self {
            documents: elements.collect(),
        })
    }

    /// The documents of a mapping, by their names; none if there is no mapping.
    pub(crate) fn named(argument: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let mut documents = Vec::new();
        if let Some(value) = value {
            let wrong = || PyTypeError::new_err(format!("`{argument}` is a dict of documents"));
            let items = value.call_method0("items").map_err(|_| wrong())?;
            for item in items.try_iter()? {
                let (name, document): (String, Bound<'_, PyAny>) = item?.extract()?;
                let bytes = bytes(&name, &document)?;
                documents.push((name, bytes));
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

/// The items of what is not a single document.
fn each<'py>(name: &str, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyIterator>> {
    value.try_iter().map_err(|_| {
        let found = value.get_type();
        let words =
            format!("`{name}` is a document (str, bytes or dict) or a list of them, not {found}");
        PyTypeError::new_err(words)
    })
}

/// What a file that is packed with gzip begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// The bytes of a document, unpacked; what is neither text nor bytes is written as JSON.
pub(crate) fn bytes(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        if bytes.as_bytes().starts_with(GZIP) {
            let unpacked = of_json(value.py(), "unpacked")?.call1((value, name))?;
            return Ok(unpacked.cast::<PyBytes>()?.as_bytes().to_vec());
        }
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return utf8(name, text);
    }
    written(name, value)
}

/// A value as JSON.
fn written(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let json = of_json(value.py(), "document")?.call1((value, name))?;
    utf8(name, json.cast::<PyString>()?)
}

fn utf8(name: &str, text: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    match text.to_str() {
        Ok(text) => Ok(text.as_bytes().to_vec()),
        Err(_) => {
            let fault = Fault::Json("the text has a lone surrogate, which no UTF-8 has".to_owned());
            let error = AccountError::of_file(name, fault);
            Err(errors::unusable(text.py(), &error))
        }
    }
}

fn of_json<'py>(py: Python<'py>, function: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("kms_alias._json")?.getattr(function)
}
