//! Journeys of a patient through the running binary, over gRPC alone.
//!
//! | file | what |
//! | --- | --- |
//! | `server` | the binary as a child: started, killed, started again |
//! | `course` | a course of treatment: citizen, consent, wound, visit, question, answer |
//! | `story` | one trace from the nurse's phone to the care plan, received over OTLP, hop by hop |
//! | `steps` | the server killed after every step of the workflow |
//! | `kills` | server and client killed at random, and every photo there exactly once |
//! | `bad_store` | an object store that is slow, errs, and breaks off, and every photo there exactly once |
//! | `site`, `moving` | a site moved from a laptop to PostgreSQL and S3; one restored from a backup that was made while it served |
//! | `refusing` | commands on a site without its key, of another version, of another's rows; a copy that is killed |
//! | `alike` | a refusal takes the same work whether or not there is somebody |
//! | `at_once` | referrals and plans, played by three organisations at once while the server is killed |
//! | `bad_days` | what breaks under two replicas: a replica, the database, the network between services |
//! | `access` | access explained, taken in an emergency and answered for, from the command line |
//! | `threats` | the tests that docs/threats.md names are there |
//! | `reasons` | the list of reasons in the docs is the code's |
//! | `canary` | a marked person goes through everything, and is looked for in every output and file |
//! | `signing_out` | a provider tells that somebody has signed out, in true words and in forged ones |
//! | `metrics` | what is measured, received over OTLP; what alerts and dashboard ask for; collectors that are gone |
//! | `measuring` | cards and measures from the command line, with no server |
//! | `audit` | the audit's chain by the command line: verified, tampered with, exported; and the server killed while it seals |
//! | `doors` | gRPC-Web over HTTP/1.1, reflection, health, refusals before a method is reached |

mod access;
mod alike;
mod at_once;
mod audit;
mod bad_days;
mod bad_store;
mod canary;
mod course;
mod doors;
mod kills;
mod measuring;
mod metrics;
mod moving;
mod reasons;
mod refusing;
mod server;
mod signing_out;
mod site;
mod steps;
mod story;
mod threats;
