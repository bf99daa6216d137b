//! Stores of objects, on the real thing: a folder and an S3 server.

mod keeping;
mod s3;
