package idserver.admin;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.NotCompliantMBeanException;
import javax.management.StandardMBean;

/**
 * An MXBean that a console can explain: the texts are those of {@link Describes} on its interface.
 * Thread-safe as what it wraps.
 */
public final class DescribedBean extends StandardMBean {
  private DescribedBean(Object bean, Class<Object> type) throws NotCompliantMBeanException {
    super(bean, type, true);
  }

  /** The bean with its texts. */
  @SuppressWarnings("unchecked")
  public static <T> Object of(T bean, Class<? super T> type) {
    try {
      return new DescribedBean(bean, (Class<Object>) type);
    } catch (NotCompliantMBeanException e) {
      throw new IllegalArgumentException("not an MXBean: " + type, e);
    }
  }

  @Override
  protected String getDescription(MBeanInfo info) {
    Describes described = getMBeanInterface().getAnnotation(Describes.class);
    return described == null ? super.getDescription(info) : described.value();
  }

  @Override
  protected String getDescription(MBeanAttributeInfo info) {
    String getter = (info.isIs() ? "is" : "get") + info.getName();
    return described(getter).orElseGet(() -> super.getDescription(info));
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    return described(info.getName()).orElseGet(() -> super.getDescription(info));
  }

  private Optional<String> described(String method) {
    return Arrays.stream(getMBeanInterface().getMethods())
        .filter(each -> each.getName().equals(method))
        .map(DescribedBean::text)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> text(Method method) {
    return Optional.ofNullable(method.getAnnotation(Describes.class)).map(Describes::value);
  }
}
