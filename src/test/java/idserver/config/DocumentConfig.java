package idserver.config;

/** The configuration of the document that the product descends from, to the letter. */
final class DocumentConfig {
  static final String TEXT =
      """
      {
          "log_prefix" : "id_server" ,    //日志文件前缀
          "log_level" :3 ,                //日志级别

          "service_host" : "127.0.0.1",   //服务IP
          "service_port" : 1200 ,         //服务端口
          "thread_count" : 4 ,            //数据库线程
          "queue_size" : 100000 ,         //线程队列
          "id_step" : 2 ,                 // ID自增的步长，也可以理解为同时运行的服务器数量
          "id_offset" : 0 ,               // ID自增的偏移量，也可以理解为每个服务器的ID，从0开始，不能超过step

          "database": {"host":"localhost","port":3306,"user":"dev","password":"dev","charset":"utf8","dbname":"id_counter" },\s

          "rules" : [
              {"name": "order_id" , "lua_file":"order_id.lua", "batch_save":100 } , //batch_save表示批量预更新counter的数量
              {"name": "task" , "lua_file":"task.lua", "batch_save":100 }
          ]

      }
      """;

  private DocumentConfig() {}
}
