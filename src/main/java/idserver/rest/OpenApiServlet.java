package idserver.rest;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * {@code GET /openapi}: the document as it stands. A container with MicroProfile OpenAPI gives way
 * to a servlet at this path; what Payara makes of the document has a member of its own, {@code
 * endpoints}, and is not valid. Thread-safe.
 */
@WebServlet("/openapi")
public class OpenApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  /** Where MicroProfile looks for it as well. */
  private static final String DOCUMENT = "/META-INF/openapi.yaml";

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    try (InputStream document = OpenApiServlet.class.getResourceAsStream(DOCUMENT)) {
      if (document == null) {
        throw new ServletException(DOCUMENT + " is missing: deploy the whole WAR");
      }
      response.setContentType("application/yaml;charset=utf-8");
      document.transferTo(response.getOutputStream());
    }
  }
}
