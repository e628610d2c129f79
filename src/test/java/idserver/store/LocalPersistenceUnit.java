package idserver.store;

import jakarta.persistence.SharedCacheMode;
import jakarta.persistence.ValidationMode;
import jakarta.persistence.spi.ClassTransformer;
import jakarta.persistence.spi.PersistenceUnitInfo;
import jakarta.persistence.spi.PersistenceUnitTransactionType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * The persistence unit of {@code META-INF/persistence.xml}, read from there, so that the tests run
 * with the classes and properties of the product; only its transactions are local.
 */
final class LocalPersistenceUnit implements PersistenceUnitInfo {
  private static final String FILE = "/META-INF/persistence.xml";

  private final DataSource connections;
  private final Document document;

  LocalPersistenceUnit(DataSource connections) {
    this.connections = connections;
    try (InputStream file =
        Objects.requireNonNull(CounterRow.class.getResourceAsStream(FILE), FILE)) {
      document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException(FILE + " cannot be read", e);
    }
  }

  private List<Element> elements(String name) {
    var nodes = document.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private String only(String name) {
    return elements(name).get(0).getTextContent().strip();
  }

  @Override
  public String getPersistenceUnitName() {
    return elements("persistence-unit").get(0).getAttribute("name");
  }

  @Override
  public List<String> getManagedClassNames() {
    return elements("class").stream().map(Element::getTextContent).map(String::strip).toList();
  }

  @Override
  public boolean excludeUnlistedClasses() {
    return Boolean.parseBoolean(only("exclude-unlisted-classes"));
  }

  @Override
  public SharedCacheMode getSharedCacheMode() {
    return SharedCacheMode.valueOf(only("shared-cache-mode"));
  }

  @Override
  public Properties getProperties() {
    Properties properties = new Properties();
    elements("property")
        .forEach(e -> properties.setProperty(e.getAttribute("name"), e.getAttribute("value")));
    return properties;
  }

  @Override
  public PersistenceUnitTransactionType getTransactionType() {
    return PersistenceUnitTransactionType.RESOURCE_LOCAL;
  }

  @Override
  public DataSource getNonJtaDataSource() {
    return connections;
  }

  @Override
  public @Nullable DataSource getJtaDataSource() {
    return null;
  }

  @Override
  public @Nullable String getPersistenceProviderClassName() {
    return null;
  }

  @Override
  public List<String> getMappingFileNames() {
    return List.of();
  }

  @Override
  public List<URL> getJarFileUrls() {
    return List.of();
  }

  @Override
  public URL getPersistenceUnitRootUrl() {
    return CounterRow.class.getProtectionDomain().getCodeSource().getLocation();
  }

  @Override
  public ValidationMode getValidationMode() {
    return ValidationMode.NONE;
  }

  @Override
  public String getPersistenceXMLSchemaVersion() {
    return "3.1";
  }

  @Override
  public ClassLoader getClassLoader() {
    return Objects.requireNonNull(CounterRow.class.getClassLoader());
  }

  @Override
  public void addTransformer(ClassTransformer transformer) {
    // nothing is woven
  }

  @Override
  public ClassLoader getNewTempClassLoader() {
    return getClassLoader();
  }
}
