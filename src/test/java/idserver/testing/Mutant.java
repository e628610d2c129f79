package idserver.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * The product with faults put into its source: a check that does not find them is worth nothing.
 * The edited classes are compiled here, and a class of the tests with all that it uses is loaded
 * once more, with them and under other names. Confined to one test.
 */
public final class Mutant {
  private static final AtomicInteger MADE = new AtomicInteger();
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final String OURS = "idserver/";
  // knows no class of the product, and is what the tests and their copies have in common
  private static final String SHARED = "idserver/testing/";

  private final Map<String, String> sources = new HashMap<>();

  /**
   * Puts a fault into a class.
   *
   * @param before what is there now, exactly once; how it is broken into lines does not matter
   * @param after what is to be there
   */
  public Mutant with(Class<?> product, String before, String after) {
    String name = product.getName();
    String source = sources.computeIfAbsent(name, Mutant::read);
    String spaced =
        Stream.of(before.strip().split("\\s+", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+"));
    Matcher matcher = Pattern.compile(spaced).matcher(source);
    if (!matcher.find()) {
      throw new AssertionError(name + " has changed, and the fault does not fit it: " + before);
    }
    String edited = source.substring(0, matcher.start()) + after + source.substring(matcher.end());
    if (matcher.find()) {
      throw new AssertionError(name + " has that twice: " + before);
    }
    sources.put(name, edited);
    return this;
  }

  private static String read(String name) {
    try {
      return Files.readString(SOURCES.resolve(name.replace('.', '/') + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of a class of the tests, among the faulty classes. */
  @SuppressWarnings("unchecked") // the copy implements what the class does
  public <T> Class<? extends T> load(Class<? extends T> test) {
    String prefix = "mutant" + MADE.incrementAndGet() + "/";
    try {
      Path jar = Files.createTempFile("mutant", ".jar");
      jar.toFile().deleteOnExit();
      write(jar, copies(test, prefix));
      // Lincheck knows no other class loader than that of the tests
      ByteBuddyAgent.install().appendToSystemClassLoaderSearch(new JarFile(jar.toFile()));
      return (Class<? extends T>) Class.forName(prefix.replace('/', '.') + test.getName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Path jar, Map<String, byte[]> classes) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> each : classes.entrySet()) {
        out.putNextEntry(new JarEntry(each.getKey() + ".class"));
        out.write(each.getValue());
      }
    }
  }

  /** That class and all of ours that it leads to, renamed. */
  private Map<String, byte[]> copies(Class<?> test, String prefix) throws IOException {
    Map<String, byte[]> edited = compile();
    Map<String, byte[]> copies = new HashMap<>();
    Renaming renaming = new Renaming(prefix);
    renaming.map(test.getName().replace('.', '/'));
    while (!renaming.open.isEmpty()) {
      String name = renaming.open.remove();
      if (!copies.containsKey(prefix + name)) {
        ClassWriter copy = new ClassWriter(0);
        byte[] code = edited.containsKey(name) ? edited.get(name) : code(name);
        new ClassReader(code).accept(new ClassRemapper(copy, renaming), 0);
        copies.put(prefix + name, copy.toByteArray());
      }
    }
    return copies;
  }

  private static byte[] code(String name) throws IOException {
    try (InputStream in = Mutant.class.getResourceAsStream("/" + name + ".class")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static final class Renaming extends Remapper {
    private final String prefix;
    private final Deque<String> open = new ArrayDeque<>();

    Renaming(String prefix) {
      super(Opcodes.ASM9);
      this.prefix = prefix;
    }

    @Override
    public String map(String name) {
      if (!name.startsWith(OURS) || name.startsWith(SHARED)) {
        return name;
      }
      open.add(name);
      return prefix + name;
    }
  }

  private Map<String, byte[]> compile() throws IOException {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "no JDK");
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, source) -> units.add(new Source(name, source)));
    StringWriter errors = new StringWriter();
    List<String> options = List.of("-proc:none", "-nowarn", "-classpath", Jvm.classPath());
    try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null)) {
      InMemory manager = new InMemory(standard);
      if (!compiler.getTask(errors, manager, null, options, null, units).call()) {
        throw new AssertionError("The faulty class does not compile: " + errors);
      }
      return manager.classes.stream()
          .collect(Collectors.toMap(code -> code.name, code -> code.bytes.toByteArray()));
    }
  }

  /** An edited source. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("mutant:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** What the compiler makes of it. */
  private static final class Code extends SimpleJavaFileObject {
    private final String name;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Code(String name) {
      super(URI.create("mutant:///" + name + ".class"), Kind.CLASS);
      this.name = name;
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final List<Code> classes = new ArrayList<>();

    InMemory(JavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject near) {
      Code code = new Code(className.replace('.', '/'));
      classes.add(code);
      return code;
    }
  }
}
