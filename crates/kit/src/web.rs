//! Browsers and gRPC on one listener.
//!
//! What says that it is gRPC or gRPC-Web goes on to the services. Everything else goes to the web router, if the process has one:
//! it needs no token, so it must tell nothing about anybody.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::Router;
use http::{Request, Response, header::CONTENT_TYPE};
use tonic::body::Body;
use tower::{Layer, Service, ServiceExt as _};

/// Puts the web router beside services.
#[derive(Clone)]
pub(crate) struct WebLayer {
    web: Option<Router>,
}

impl WebLayer {
    pub(crate) fn new(web: Option<Router>) -> WebLayer {
        WebLayer { web }
    }
}

impl<S> Layer<S> for WebLayer {
    type Service = Web<S>;

    fn layer(&self, services: S) -> Web<S> {
        Web { services, web: self.web.clone() }
    }
}

/// Services with the web router beside them.
#[derive(Clone)]
pub(crate) struct Web<S> {
    services: S,
    web: Option<Router>,
}

impl<S> Service<Request<Body>> for Web<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.services.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match &self.web {
            Some(web) if !is_grpc(&request) => {
                let answer = web.clone().oneshot(request.map(axum::body::Body::new));
                Box::pin(async { Ok(answer.await?.map(Body::new)) })
            }
            _ => Box::pin(self.services.call(request)),
        }
    }
}

fn is_grpc(request: &Request<Body>) -> bool {
    request.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"))
}
