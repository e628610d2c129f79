package idserver.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The JAX-RS application, at the root of the server. */
@ApplicationPath("/")
public class RestApplication extends Application {}
